-- The intermediate tables (中间库) that a registration system fills and CertBridge reads.
-- Portable: runs unchanged on SQLite >= 3.35 and PostgreSQL >= 12. Times are local wall clock (+08:00).

-- One row for each event of a case. The registration system inserts; CertBridge changes only
-- status, claim_*, attempts, next_retry_at, last_error and done_at.
CREATE TABLE mw_case_outbox (
  seq            BIGINT       NOT NULL,              -- strictly increasing, never reused
  event_id       VARCHAR(64)  NOT NULL,              -- event_type ':' case_no ':' revision; idempotency key
  event_type     VARCHAR(16)  NOT NULL CHECK (event_type IN
                 ('DENGBU','BANJIE','SHANZHENG','FAZHENG','ZHUXIAO','GENGZHENG','TUIHUI',
                  'YISHI','DIAOXIAO','FEIZHI','XIANZHI','JIECHU','GUAQI','HUIFU')),
  case_no        VARCHAR(50)  NOT NULL,              -- YWH 业务号
  case_id        VARCHAR(36)  NOT NULL,              -- the case's first item (XMID)
  revision       INTEGER      NOT NULL DEFAULT 1,
  area_code      CHAR(6)      NOT NULL,              -- QXDM
  djlx           VARCHAR(3)   NOT NULL,              -- 登记类型 100..900
  djxl           VARCHAR(7),                         -- 登记小类, local codes
  qllx           VARCHAR(2)   NOT NULL,              -- 权利类型
  unit_no        VARCHAR(28),                        -- BDCDYH, when the case has one unit; several are those of mw_case_right
  prev_case_id   VARCHAR(36),
  classified     SMALLINT     NOT NULL DEFAULT 0 CHECK (classified IN (0,1)),  -- 涉密
  occurred_at    TIMESTAMP    NOT NULL,
  created_at     TIMESTAMP    NOT NULL DEFAULT CURRENT_TIMESTAMP,
  status         SMALLINT     NOT NULL DEFAULT 0 CHECK (status IN (0,1,2,3,4)),
                 -- 0 new, 1 claimed, 2 taken over, 3 retry, 4 refused (see last_error)
  claim_owner    VARCHAR(64),
  claim_until    TIMESTAMP,
  attempts       INTEGER      NOT NULL DEFAULT 0,
  next_retry_at  TIMESTAMP,
  last_error     VARCHAR(2000),
  done_at        TIMESTAMP,
  PRIMARY KEY (seq),
  UNIQUE (event_id)
);
CREATE INDEX ix_outbox_ready ON mw_case_outbox (status, next_retry_at, seq);
CREATE INDEX ix_outbox_case  ON mw_case_outbox (case_no, seq);
CREATE INDEX ix_outbox_unit  ON mw_case_outbox (unit_no, seq);

-- One row for each item of a case: a right on one unit.
CREATE TABLE mw_case_right (
  case_id    VARCHAR(36) NOT NULL PRIMARY KEY,
  case_no    VARCHAR(50) NOT NULL,
  unit_no    VARCHAR(50) NOT NULL,                   -- wide on purpose: what is wrong must be storable
  right_type VARCHAR(2)  NOT NULL,                   -- QLLX 权利类型
  djlx       VARCHAR(3)  NOT NULL,
  djyy       VARCHAR(500),                           -- 登记原因
  zl         VARCHAR(2000),                          -- 坐落
  qlxz       VARCHAR(200),                           -- 权利性质
  yt         VARCHAR(200),                           -- 用途
  mj         VARCHAR(200),                           -- 面积, as printed
  syqx_qs    TIMESTAMP,                              -- 使用期限
  syqx_js    TIMESTAMP,
  jzmj       NUMERIC(15,2),
  zyjzmj     NUMERIC(15,2),
  ftjzmj     NUMERIC(15,2),
  fwjg       VARCHAR(2),
  szc        VARCHAR(50),
  zcs        INTEGER,
  jgsj       TIMESTAMP,
  qlqtzk     TEXT,                                   -- 权利其他状况; assembled from the above when null
  zmqlsx     VARCHAR(200),                           -- 证明权利或事项 (proofs)
  dyfs       CHAR(1),                                -- 抵押方式 1 一般 2 最高额
  bdbzqse    NUMERIC(18,2),                          -- 被担保主债权数额 (yuan)
  zwlxqx_qs  TIMESTAMP,                              -- 债务履行期限
  zwlxqx_js  TIMESTAMP,
  prev_certs VARCHAR(1024),                          -- earlier certificate numbers, comma list
  xz_ywh     VARCHAR(50),                            -- 业务号 of the restriction; a release names the one that it ends
  xz_jg      VARCHAR(200),                           -- who ordered it (查封机关)
  djjg       VARCHAR(200),                           -- 登记机构, full name
  dbr        VARCHAR(50),
  djsj       TIMESTAMP,                              -- 登簿时间
  qszt       CHAR(1),                                -- 权属状态 0 临时 1 现势 2 历史 3 终止
  fj         TEXT                                    -- 附记
);
CREATE INDEX ix_right_case ON mw_case_right (case_no);
CREATE INDEX ix_right_unit ON mw_case_right (unit_no, case_no);
CREATE INDEX ix_right_booked ON mw_case_right (djsj, case_no);

CREATE TABLE mw_case_party (
  case_no  VARCHAR(50)   NOT NULL,
  role     CHAR(1)       NOT NULL CHECK (role IN ('1','2')),  -- 1 权利人 2 义务人
  sxh      INTEGER       NOT NULL,
  xm       VARCHAR(1000) NOT NULL,
  zjzl     VARCHAR(2),                               -- 证件种类
  zjh      VARCHAR(50),
  lx       VARCHAR(2),                               -- 权利人类型
  gyfs     CHAR(1),                                  -- 共有方式
  qlbl     VARCHAR(100),                             -- 权利比例
  cert_id  VARCHAR(36),                              -- set when held separately (分别持证)
  PRIMARY KEY (case_no, role, sxh)
);

CREATE TABLE mw_case_cert (
  cert_id   VARCHAR(36)  NOT NULL PRIMARY KEY,
  case_no   VARCHAR(50)  NOT NULL,
  cert_kind CHAR(1)      NOT NULL CHECK (cert_kind IN ('1','2')),  -- 1 证书 2 证明
  cert_no   VARCHAR(100) NOT NULL,
  yzh       VARCHAR(50),                             -- 印制号
  szsj      TIMESTAMP,                               -- 缮证时间: the number is final
  fzsj      TIMESTAMP,
  status    SMALLINT     NOT NULL DEFAULT 1          -- 1 in force, 0 withdrawn
);
CREATE INDEX ix_cert_case ON mw_case_cert (case_no);

-- Which items a certificate shows: several units in one certificate, several certificates of one.
CREATE TABLE mw_cert_item (
  cert_id VARCHAR(36) NOT NULL,
  case_id VARCHAR(36) NOT NULL,
  PRIMARY KEY (cert_id, case_id)
);

-- Plans (宗地图, 房产图), when given.
CREATE TABLE mw_cert_image (
  cert_id    VARCHAR(36) NOT NULL,
  sxh        INTEGER     NOT NULL,
  media_type VARCHAR(50) NOT NULL,                   -- image/png, image/jpeg
  content    TEXT        NOT NULL,                   -- Base64
  PRIMARY KEY (cert_id, sxh)
);

-- What became of it: written by CertBridge, one row for each certificate (or refused case) and stage.
CREATE TABLE mw_cert_result (
  result_key  VARCHAR(120) NOT NULL PRIMARY KEY,     -- message id ':' stage
  case_no     VARCHAR(50)  NOT NULL,
  cert_id     VARCHAR(36),
  cert_no     VARCHAR(100),
  stage       VARCHAR(16)  NOT NULL CHECK (stage IN ('prepared','sealed','received','collected','refused','withdrawn','voided',
                        'changed','noted','unchanged','not_held','not_published')),
  identifier  VARCHAR(128),                          -- 电子证照标识
  version     INTEGER,
  file_sm3    CHAR(64),
  library_id  VARCHAR(128),
  code        VARCHAR(100),                          -- why it was refused
  sentence    VARCHAR(2000),                         -- the same for a clerk, in Chinese, with what to do
  happened_at TIMESTAMP    NOT NULL                  -- local wall clock; of a stage that is reached again, the last time
);
CREATE INDEX ix_result_case ON mw_cert_result (case_no);

-- The cases themselves (案件), from the first enquiry to their end: whoever looks certificates up for a case must show
-- that it is open and whose it is. Rows are written with the case, and changed when it changes.
CREATE TABLE mw_case (
  case_key       VARCHAR(50) NOT NULL PRIMARY KEY,   -- the system's own; never changes
  case_no        VARCHAR(50),                        -- YWH 业务号; empty until the case is accepted
  provisional_no VARCHAR(50),                        -- given before it was accepted (预受理号), kept afterwards
  state          VARCHAR(2)  NOT NULL,               -- 案件状态 1 在办 2 已办 3 暂停 4 不予登记 5 用户撤回; 0 预受理
  started_at     TIMESTAMP   NOT NULL,               -- first of the two numbers
  area_code      CHAR(6)     NOT NULL,               -- QXDM
  unit_code      CHAR(18)    NOT NULL,               -- credit code of the unit that handles it
  item_code      VARCHAR(50) NOT NULL,               -- 事项编码
  classified     SMALLINT    NOT NULL DEFAULT 0 CHECK (classified IN (0,1)),  -- 涉密: CertBridge does not know it
  UNIQUE (case_no),
  UNIQUE (provisional_no)
);

-- Who may handle it, as the office's sign-on names its clerks.
CREATE TABLE mw_case_handler (
  case_key VARCHAR(50)  NOT NULL,
  handler  VARCHAR(100) NOT NULL,
  PRIMARY KEY (case_key, handler)
);

-- Everybody who has a part in it.
CREATE TABLE mw_case_person (
  case_key VARCHAR(50)   NOT NULL,
  sxh      INTEGER       NOT NULL,
  role     CHAR(1)       NOT NULL,                   -- 0 申请人 1 权利人 2 义务人 3 代理人 4 监护人 5 配偶 6 法定代表人 9 其他
  xm       VARCHAR(1000) NOT NULL,
  zjzl     VARCHAR(2),                               -- 证件种类
  zjh      VARCHAR(50),
  PRIMARY KEY (case_key, sxh)
);

-- Certificates that an item asks for; not needed where config/guide/items.xml has them.
CREATE TABLE mw_item_material (
  item_code VARCHAR(50) NOT NULL,
  type_code CHAR(21)    NOT NULL,                    -- 证照类型代码
  PRIMARY KEY (item_code, type_code)
);

-- What a provincial platform asks of a booking (登簿) beside the above; filled only where bookings are reported to one
-- (config/registration/booking.xml). Lists in one field are as they are to be written, separated by commas.
CREATE TABLE mw_booked_right (
  case_id  VARCHAR(36) NOT NULL PRIMARY KEY,         -- as in mw_case_right
  bdcqzh   VARCHAR(1024),                            -- numbers of the certificates or proofs of this right
  ywr      VARCHAR(2000),                            -- 抵押人, 义务人: names
  tdsyqr   VARCHAR(2000),                            -- 土地使用权人: names
  ghyt     VARCHAR(4),                               -- 规划用途
  fwbm     VARCHAR(26),                              -- 房屋编码
  shbw     VARCHAR(20),                              -- 室号部位
  dybdclx  VARCHAR(2),                               -- 抵押不动产类型
  dyjelx   VARCHAR(10),                              -- 抵押金额类型
  ygdjzl   VARCHAR(2),                               -- 预告登记种类
  yysx     VARCHAR(2000),                            -- 异议事项
  zmh      VARCHAR(100),                             -- 不动产登记证明号, where no proof of this right is issued here
  zxywh    VARCHAR(50),                              -- 注销业务号
  cflx     VARCHAR(2),                               -- 查封类型
  cfwj     TEXT,                                     -- 查封文件, Base64
  cfwh     VARCHAR(50),                              -- 查封文号
  cfqssj   TIMESTAMP,                                -- 查封起止时间
  cfjssj   TIMESTAMP,
  cffw     VARCHAR(2000),                            -- 查封范围
  jfwh     VARCHAR(50)                               -- 解封文号
);

-- The course of a case (受理).
CREATE TABLE mw_booked_course (
  case_no VARCHAR(50) NOT NULL PRIMARY KEY,
  sqzsbs  SMALLINT    NOT NULL DEFAULT 0,            -- 申请证书版式 0 单一版 1 集成版
  sqfbcz  SMALLINT    NOT NULL DEFAULT 0,            -- 申请分别持证
  slry    VARCHAR(50) NOT NULL,                      -- 受理人员
  slsj    TIMESTAMP   NOT NULL                       -- 受理时间
);

-- Who applied, where that is not a holder of mw_case_party: the court of a seizure, for instance.
CREATE TABLE mw_booked_applicant (
  case_no VARCHAR(50)   NOT NULL,
  sxh     INTEGER       NOT NULL,
  xm      VARCHAR(1000) NOT NULL,
  zjzl    VARCHAR(2)    NOT NULL,
  zjh     VARCHAR(50),
  PRIMARY KEY (case_no, sxh)
);

-- What became of a booking at the provincial platform: written by CertBridge, one row for each booking and stage.
CREATE TABLE mw_booked_result (
  result_key  VARCHAR(120) NOT NULL PRIMARY KEY,     -- message id ':' stage
  case_no     VARCHAR(50)  NOT NULL,
  case_id     VARCHAR(36),                           -- as in mw_case_right; empty when nothing could be read of the case
  stage       VARCHAR(16)  NOT NULL CHECK (stage IN ('received','accepted','rejected','refused','withdrawn')),
  number      VARCHAR(128),                          -- BizMsgID
  code        VARCHAR(100),                          -- why it was rejected or refused
  sentence    VARCHAR(2000),                         -- the same for a clerk, in Chinese, with what to do
  happened_at TIMESTAMP    NOT NULL                  -- local wall clock; of a stage that is reached again, the last time
);
CREATE INDEX ix_booked_result_case ON mw_booked_result (case_no);
