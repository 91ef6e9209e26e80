-- Written by scripts/message_tables.py from v1.xml: change nothing here.
--
-- Tables in the shape of the messages to a provincial platform, in a schema of their own: one for each table of the messages, with the same columns.
-- A row is of the message with the same case_no and booking; with an empty booking it is of every message of the case. row_no is its place among the
-- rows of its table. Values are text, so that one that is wrong is refused with a sentence instead of failing the transaction of the case; numbers
-- and times may be inserted as such. The rows are written in one transaction with the event of the case, before it: docs/guides/message-tables.md.
--
-- Which tables have rows of a message:
--   1000101 3000101 土地所有权 首次、变更: once QLF_QL_TDSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK KTT_GY_JZX
--     KTT_GY_JZD ZD_K_103 DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   2000101 土地所有权 转移: once QLF_QL_TDSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK KTT_GY_JZX KTT_GY_JZD
--     DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   5000101 土地所有权 更正: once QLF_QL_TDSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK KTT_GY_JZX KTT_GY_JZD
--     DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   1000301 3000301 建设用地、宅基地使用权 首次、变更: once QLF_QL_JSYDSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK KTT_GY_JZX
--     KTT_GY_JZD ZD_K_103 DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   2000301 建设用地、宅基地使用权 转移: once QLF_QL_JSYDSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK KTT_GY_JZX KTT_GY_JZD
--     DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   5000301 建设用地、宅基地使用权 更正: once QLF_QL_JSYDSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK KTT_GY_JZX KTT_GY_JZD
--     DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   1000401 3000401 房地产权（项目内多幢房屋） 首次、变更: once QLT_FW_FDCQ_DZ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_FW_ZRZ QLF_FW_FDCQ_DZ_XM DJF_DJ_SQR; perhaps
--     KTT_FW_LJZ KTT_FW_C KTT_FW_H ZD_K_103 DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   2000401 房地产权（项目内多幢房屋） 转移: once QLT_FW_FDCQ_DZ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_FW_ZRZ QLF_FW_FDCQ_DZ_XM DJF_DJ_SQR; perhaps KTT_FW_LJZ
--     KTT_FW_C KTT_FW_H DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   5000401 房地产权（项目内多幢房屋） 更正: once QLT_FW_FDCQ_DZ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_FW_ZRZ QLF_FW_FDCQ_DZ_XM DJF_DJ_SQR; perhaps KTT_FW_LJZ
--     KTT_FW_C KTT_FW_H DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   1000402 3000402 房地产权（独幢、层、套、间房屋） 首次、变更: once QLT_FW_FDCQ_YZ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_FW_H DJF_DJ_SQR; perhaps KTT_FW_ZRZ
--     KTT_FW_LJZ KTT_FW_C ZD_K_103 DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   2000402 房地产权（独幢、层、套、间房屋） 转移: once QLT_FW_FDCQ_YZ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_FW_H DJF_DJ_SQR; perhaps KTT_FW_ZRZ KTT_FW_LJZ
--     KTT_FW_C DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   5000402 房地产权（独幢、层、套、间房屋） 更正: once QLT_FW_FDCQ_YZ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_FW_H DJF_DJ_SQR; perhaps KTT_FW_ZRZ KTT_FW_LJZ
--     KTT_FW_C DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   1000403 3000403 建筑物区分所有权业主共有部分 首次、变更: once QLF_FW_FDCQ_QFSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps KTT_GZW ZD_K_103 DJF_DJ_SJ
--     DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   2000403 建筑物区分所有权业主共有部分 转移: once QLF_FW_FDCQ_QFSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps KTT_GZW DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH
--     DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   5000403 建筑物区分所有权业主共有部分 更正: once QLF_FW_FDCQ_QFSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps KTT_GZW DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH
--     DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   1000901 3000901 农用地使用权（非林地） 首次、变更: once QLF_QL_NYDSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK ZD_K_103
--     DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   2000901 农用地使用权（非林地） 转移: once QLF_QL_NYDSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK DJF_DJ_SJ DJF_DJ_SF
--     DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   5000901 农用地使用权（非林地） 更正: once QLF_QL_NYDSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK DJF_DJ_SJ DJF_DJ_SF
--     DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   1001201 3001201 林权 首次、变更: once QLT_QL_LQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK ZD_K_103 DJF_DJ_SJ
--     DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   2001201 林权 转移: once QLT_QL_LQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH
--     DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   5001201 林权 更正: once QLT_QL_LQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZDJBXX DJF_DJ_SQR; perhaps KTF_ZDBHQK DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH
--     DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   1001501 3001501 海域、海岛使用权 首次、变更: once QLF_QL_HYSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZHJBXX DJF_DJ_SQR; perhaps KTF_ZH_YHZK KTF_ZH_YHYDZB
--     KTF_ZHBHQK ZH_K_105 DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   2001501 海域、海岛使用权 转移: once QLF_QL_HYSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZHJBXX DJF_DJ_SQR; perhaps KTF_ZH_YHZK KTF_ZH_YHYDZB KTF_ZHBHQK
--     DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   5001501 海域、海岛使用权 更正: once QLF_QL_HYSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR KTT_ZHJBXX DJF_DJ_SQR; perhaps KTF_ZH_YHZK KTF_ZH_YHYDZB KTF_ZHBHQK
--     DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   1001601 3001601 构（建）筑物所有权 首次、变更: once QLT_QL_GJZWSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps KTT_GZW ZD_K_103 DJF_DJ_SJ
--     DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   2001601 构（建）筑物所有权 转移: once QLT_QL_GJZWSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps KTT_GZW DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH
--     DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   5001601 构（建）筑物所有权 更正: once QLT_QL_GJZWSYQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps KTT_GZW DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH
--     DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100
--   4000101 注销登记: once QLF_QL_ZXDJ DJT_DJ_SLSQ; at least once DJF_DJ_SQR; perhaps DJF_DJ_SH DJF_DJ_SJ
--   6000101 异议登记: once QLF_QL_YYDJ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ
--     DJF_DJ_GD FJ_F_100
--   7000101 预告登记: once QLF_QL_YGDJ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ
--     DJF_DJ_GD FJ_F_100
--   8000101 查封登记: once QLF_QL_CFDJ DJT_DJ_SLSQ; at least once DJF_DJ_SQR; perhaps DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD
--     FJ_F_100
--   9000101 抵押权登记: once QLF_QL_DYAQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ
--     DJF_DJ_GD FJ_F_100
--   9000102 地役权登记: once QLF_QL_DYIQ DJT_DJ_SLSQ; at least once ZTT_GY_QLR DJF_DJ_SQR; perhaps DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ
--     DJF_DJ_GD FJ_F_100

-- One row for each message: what stands in its Head.
CREATE TABLE mw_booked_message (
  case_no VARCHAR(50) NOT NULL,  -- 业务号, as in the event
  booking VARCHAR(36) NOT NULL,  -- the right on the unit: one value for each message of the case
  classified SMALLINT NOT NULL DEFAULT 0,  -- 涉密: 1 is never reported
  zszmh TEXT,  -- number of the certificate or proof, for the daily log
  rectype TEXT,  -- RecType; may be empty: then it follows from regtype and the table of the right
  righttype TEXT,
  regtype TEXT,
  createdate TEXT,  -- 登簿时间, as 2026-11-24 09:30:00
  recflowid TEXT,  -- 业务号
  regorgid TEXT,
  estatenum TEXT,  -- 不动产单元号
  preestatenum TEXT,
  precertid TEXT,
  certcount TEXT,
  proofcount TEXT,
  PRIMARY KEY (case_no, booking)
);
CREATE INDEX ix_booked_message_createdate ON mw_booked_message (createdate);
CREATE INDEX ix_booked_message_estatenum ON mw_booked_message (estatenum);

CREATE TABLE ztt_gy_qlr (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6003000000, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, at most 28 characters
  sxh TEXT,  -- 顺序号, integer
  qlrmc TEXT,  -- 权利人名称, required
  bdcqzh TEXT,  -- 不动产权证号, at most 50 characters
  qzysxlh TEXT,  -- 权证印刷序列号, at most 100 characters
  sfczr TEXT,  -- 是否持证人, a code of SFZD
  zjzl TEXT,  -- 证件种类, required, a code of ZJZLZD
  zjh TEXT,  -- 证件号, required, at most 50 characters
  fzjg TEXT,  -- 发证机关, at most 200 characters
  sshy TEXT,  -- 所属行业, at most 6 characters
  gj TEXT,  -- 国家/地区, required, a code of GJHDQZD
  hjszss TEXT,  -- 户籍所在省市, a code of SSZD
  xb TEXT,  -- 性别, required, a code of XBZD
  dh TEXT,  -- 电话, at most 50 characters
  dz TEXT,  -- 地址, at most 200 characters
  yb TEXT,  -- 邮编, at most 10 characters
  gzdw TEXT,  -- 工作单位, at most 100 characters
  dzyj TEXT,  -- 电子邮件, at most 50 characters
  qlrlx TEXT,  -- 权利人类型, required, a code of QLRLXZD
  qlbl TEXT,  -- 权利比例, at most 100 characters
  gyfs TEXT,  -- 共有方式, a code of GYFSZD
  gyqk TEXT,  -- 共有情况
  bz TEXT,  -- 备注
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktt_zdjbxx (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6001010000, at most 10 characters
  zddm TEXT,  -- 宗地代码, required, at most 19 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  zdtzm TEXT,  -- 宗地特征码, required, a code of ZDZHTZMZD
  zl TEXT,  -- 坐落, required, at most 200 characters
  zdmj TEXT,  -- 宗地面积, required, decimal
  mjdw TEXT,  -- 面积单位, required, a code of MJDWZD
  yt TEXT,  -- 用途, required, at most 4 characters
  dj TEXT,  -- 等级, required, a code of TDDJZD
  jg TEXT,  -- 价格, required, decimal
  qllx TEXT,  -- 权利类型, required, a code of QLLXZD
  qlxz TEXT,  -- 权利性质, required, a code of QLXZZD
  qlsdfs TEXT,  -- 权利设定方式, a code of QLSDFSZD
  rjl TEXT,  -- 容积率, decimal
  jzmd TEXT,  -- 建筑密度, decimal
  jzxg TEXT,  -- 建筑限高, decimal
  zdszd TEXT,  -- 宗地四至-东, required, at most 200 characters
  zdszn TEXT,  -- 宗地四至-南, required, at most 200 characters
  zdszx TEXT,  -- 宗地四至-西, required, at most 200 characters
  zdszb TEXT,  -- 宗地四至-北, required, at most 200 characters
  zdt TEXT,  -- 宗地图, required, Base64
  tfh TEXT,  -- 图幅号, at most 50 characters
  djh TEXT,  -- 地籍号, at most 20 characters
  dah TEXT,  -- 档案号, required
  bz TEXT,  -- 备注
  zt TEXT,  -- 状态, required, a code of BDCDYZTZD
  fj TEXT,  -- 附记
  dbr TEXT,  -- required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djsj TEXT,  -- time
  bsm TEXT,  -- 标识码, required
  djjgbm TEXT,  -- required
  djjgmc TEXT,  -- required
  jdh TEXT,  -- 街道（乡、镇）, required
  jfh TEXT,  -- 街坊（村）, required
  zh TEXT,  -- 组, required
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktf_zdbhqk (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  zddm TEXT,  -- 宗地代码, required, at most 19 characters
  bhyy TEXT,  -- 变化原因, required
  bhnr TEXT,  -- 变化内容, required
  djsj TEXT,  -- 登记时间, required, time
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  fj TEXT,  -- 附记
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktt_zhjbxx (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6001020000, at most 10 characters
  zhdm TEXT,  -- 宗海代码, required, at most 19 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  zhtzm TEXT,  -- 宗海特征码宗地（宗海）, required, a code of ZDZHTZMZD
  xmmc TEXT,  -- 项目名称, required, at most 100 characters
  xmxz TEXT,  -- 项目性质, a code of XMXZZD
  yhzmj TEXT,  -- 用海总面积, decimal
  zhmj TEXT,  -- 宗海面积, decimal
  db TEXT,  -- a code of HYDBZD
  zhax TEXT,  -- 占海岸线, decimal
  yhlxa TEXT,  -- 用海类型A海域使用类型A, a code of HYSYLXAZD
  yhlxb TEXT,  -- 用海类型B海域使用类型B, a code of HYSYLXBZD
  yhwzsm TEXT,  -- 用海位置说明
  hdmc TEXT,  -- 海岛名称, at most 100 characters
  hddm TEXT,  -- 海岛代码, at most 19 characters
  ydfw TEXT,  -- 用岛范围
  ydmj TEXT,  -- 用岛面积, decimal
  hdwz TEXT,  -- 海岛位置
  hdyt TEXT,  -- a code of WJMHDYTZD
  zht TEXT,  -- 宗海图, required, Base64
  dah TEXT,  -- 档案号, required
  zt TEXT,  -- 状态, required, a code of BDCDYZTZD
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djsj TEXT,  -- time
  dbr TEXT,  -- required
  fj TEXT,  -- 附记
  bsm TEXT,  -- 标识码, required
  djjgbm TEXT,  -- required
  djjgmc TEXT,  -- required
  jdh TEXT,  -- 街道(乡、镇), required
  jfh TEXT,  -- 街坊（村）, required
  zh TEXT,  -- 组, required
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktf_zh_yhzk (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  zhdm TEXT,  -- 宗海代码, at most 19 characters
  yhfs TEXT,  -- 用海方式, a code of YHFSZD
  yhmj TEXT,  -- 用海面积, decimal
  jtyt TEXT,  -- 具体用途
  syjse TEXT,  -- decimal
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktf_zh_yhydzb (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  zhhddm TEXT,  -- required, at most 19 characters
  xh TEXT,  -- 序号, required, integer
  bw TEXT,  -- 北纬, required, decimal
  dj TEXT,  -- 东经, required, decimal
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktf_zhbhqk (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  zhdm TEXT,  -- 宗海代码
  bhyy TEXT,  -- 变化原因
  bhnr TEXT,  -- 变化内容
  djsj TEXT,  -- 登记时间, time
  dbr TEXT,  -- 登簿人
  qxdm TEXT,  -- 区县代码, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktt_gy_jzx (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  zdzhdm TEXT,  -- 宗地/宗海代码, required
  ysdm TEXT,  -- 要素代码, otherwise 6001060000, at most 10 characters
  jzxcd TEXT,  -- 界址线长度, required, decimal
  jzxlb TEXT,  -- 界址线类别, required, a code of JZXLBZD
  jzxwz TEXT,  -- 界址线位置, required, a code of JZXWZZD
  jxxz TEXT,  -- 界线性质, required, a code of JXXZZD
  qsjxxysbh TEXT,  -- 权属界线协议书编号, at most 30 characters
  qsjxxys TEXT,  -- 权属界线协议书, Base64
  qszyyysbh TEXT,  -- 权属争议原由书编号, at most 30 characters
  qszyyys TEXT,  -- 权属争议原由书, Base64
  bsm TEXT,  -- 标识码, required
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktt_gy_jzd (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  zdzhdm TEXT,  -- 宗地/宗海代码, required
  ysdm TEXT,  -- 要素代码, otherwise 6001070000, at most 10 characters
  jzdh TEXT,  -- 界址点号, required, at most 10 characters
  sxh TEXT,  -- 顺序号, integer
  jblx TEXT,  -- 界标类型, required, a code of JBLXZD
  jzdlx TEXT,  -- 界址点类型, required, a code of JZDLXZD
  xzbz TEXT,  -- X 坐标值, decimal
  yzbz TEXT,  -- Y 坐标值, decimal
  bsm TEXT,  -- 标识码, required
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktt_fw_zrz (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6001030110, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  zddm TEXT,  -- 宗地代码, required, at most 19 characters
  zrzh TEXT,  -- 自然幢号, required, at most 24 characters
  xmmc TEXT,  -- 项目名称, required, at most 100 characters
  jzwmc TEXT,  -- 建筑物名称, required, at most 100 characters
  jgrq TEXT,  -- 竣工日期, time
  jzwgd TEXT,  -- 建筑物高度, required, decimal
  zzdmj TEXT,  -- 幢占地面积, required, decimal
  zydmj TEXT,  -- 幢用地面积, required, decimal
  ycjzmj TEXT,  -- 预测建筑面积, decimal
  scjzmj TEXT,  -- 实测建筑面积, decimal
  zcs TEXT,  -- 总层数, required, integer
  dscs TEXT,  -- 地上层数, required, integer
  dxcs TEXT,  -- 地下层数, required, integer
  dxsd TEXT,  -- 地下深度, decimal
  ghyt TEXT,  -- 规划用途, required, a code of FWYTZD
  fwjg TEXT,  -- 房屋结构, required, a code of FWJGZD
  zts TEXT,  -- 总套数, required, integer
  jzwjbyt TEXT,  -- at most 200 characters
  dah TEXT,  -- 档案号
  bz TEXT,  -- 备注
  zt TEXT,  -- 状态, required, a code of BDCDYZTZD
  bsm TEXT,  -- 标识码, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktt_gzw (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6001030200, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, at most 28 characters
  zdzhdm TEXT,  -- 宗地/宗海代码, at most 19 characters
  gzwmc TEXT,  -- 构筑物名称, at most 100 characters
  zl TEXT,  -- 坐落, at most 200 characters
  mjdw TEXT,  -- 面积单位, a code of MJDWZD
  mj TEXT,  -- 面积, decimal
  dah TEXT,  -- 档案号
  zt TEXT,  -- 状态, a code of BDCDYZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktt_fw_ljz (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ljzh TEXT,  -- 逻辑幢号, required, at most 20 characters
  zrzh TEXT,  -- 自然幢号, required, at most 24 characters
  ysdm TEXT,  -- 要素代码, otherwise 6001030120, at most 10 characters
  mph TEXT,  -- 门牌号, at most 50 characters
  ycjzmj TEXT,  -- 预测建筑面积, decimal
  ycdxmj TEXT,  -- 预测地下面积, decimal
  ycqtmj TEXT,  -- 预测其它面积, decimal
  scjzmj TEXT,  -- 实测建筑面积, decimal
  scdxmj TEXT,  -- 实测地下面积, decimal
  scqtmj TEXT,  -- 实测其它面积, decimal
  jgrq TEXT,  -- 竣工日期, time
  fwjg1 TEXT,  -- 房屋结构1, a code of FWJGZD
  fwjg2 TEXT,  -- 房屋结构2, a code of FWJGZD
  fwjg3 TEXT,  -- 房屋结构3, a code of FWJGZD
  jzwzt TEXT,  -- 建筑物状态, a code of JZWZTZD
  fwyt1 TEXT,  -- 房屋用途1, a code of FWYTZD
  fwyt2 TEXT,  -- 房屋用途2, a code of FWYTZD
  fwyt3 TEXT,  -- 房屋用途3, a code of FWYTZD
  zcs TEXT,  -- 总层数, integer
  dscs TEXT,  -- 地上层数, integer
  dxcs TEXT,  -- 地下层数, integer
  bz TEXT,  -- 备注
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktt_fw_c (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ch TEXT,  -- 层号, required, at most 20 characters
  zrzh TEXT,  -- 自然幢号, required, at most 24 characters
  ysdm TEXT,  -- 要素代码, otherwise 6001030130, at most 10 characters
  sjc TEXT,  -- 实际层, integer
  myc TEXT,  -- 名义层, at most 50 characters
  cjzmj TEXT,  -- 层建筑面积, decimal
  ctnjzmj TEXT,  -- decimal
  cytmj TEXT,  -- decimal
  cgyjzmj TEXT,  -- 层共有建筑面积, decimal
  cftjzmj TEXT,  -- decimal
  cbqmj TEXT,  -- decimal
  cg TEXT,  -- 层高, decimal
  sptymj TEXT,  -- 水平投影面积, decimal
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE ktt_fw_h (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  fwbm TEXT,  -- 房屋编码, required, at most 26 characters
  ysdm TEXT,  -- 要素代码, otherwise 6001030140, at most 10 characters
  zrzh TEXT,  -- 自然幢号, at most 24 characters
  ljzh TEXT,  -- 逻辑幢号, at most 20 characters
  ch TEXT,  -- 层号, at most 20 characters
  zl TEXT,  -- 坐落, required, at most 100 characters
  mjdw TEXT,  -- 面积单位, required, a code of MJDWZD
  sjcs TEXT,  -- 实际层数, decimal
  hh TEXT,  -- 户号, integer
  shbw TEXT,  -- 室号部位, required, at most 20 characters
  hx TEXT,  -- 户型, a code of HXZD
  hxjg TEXT,  -- 户型结构, a code of HXJGZD
  fwyt1 TEXT,  -- 房屋用途1, a code of FWYTZD
  fwyt2 TEXT,  -- 房屋用途2, a code of FWYTZD
  fwyt3 TEXT,  -- 房屋用途3, a code of FWYTZD
  ycjzmj TEXT,  -- 预测建筑面积, decimal
  yctnjzmj TEXT,  -- 预测套内建筑面积, decimal
  ycftjzmj TEXT,  -- 预测分摊建筑面积, decimal
  ycdxbfjzmj TEXT,  -- 预测地下部分建筑面积, decimal
  ycqtjzmj TEXT,  -- 预测其它建筑面积, decimal
  ycftxs TEXT,  -- 预测分摊系数, decimal
  scjzmj TEXT,  -- 实测建筑面积, decimal
  sctnjzmj TEXT,  -- 实测套内建筑面积, decimal
  scftjzmj TEXT,  -- 实测分摊建筑面积, decimal
  scdxbfjzmj TEXT,  -- 实测地下部分建筑面积, decimal
  scqtjzmj TEXT,  -- 实测其它建筑面积, decimal
  scftxs TEXT,  -- 实测分摊系数, decimal
  gytdmj TEXT,  -- 共有土地面积, decimal
  fttdmj TEXT,  -- 分摊土地面积, decimal
  dytdmj TEXT,  -- 独用土地面积, decimal
  fwlx TEXT,  -- 房屋类型, a code of FWLXZD
  fwxz TEXT,  -- 房屋性质, a code of FWXZZD
  fcfht TEXT,  -- 房产分户图, Base64
  zt TEXT,  -- 状态, required, a code of BDCDYZTZD
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE zd_k_103 (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  bdcdyh TEXT,  -- 不动产单元号, at most 28 characters
  zdx TEXT,  -- 环序号, required, integer
  xh TEXT,  -- 点序号, required, integer
  xzb TEXT,  -- X 坐标, required, decimal
  yzb TEXT,  -- Y 坐标, required, decimal
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE zh_k_105 (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  bdcdyh TEXT,  -- 不动产单元号, at most 28 characters
  zdx TEXT,  -- 环序号, required, integer
  xh TEXT,  -- 点序号, required, integer
  xzb TEXT,  -- X 坐标, required, decimal
  yzb TEXT,  -- Y 坐标, required, decimal
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_tdsyq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002010100, at most 10 characters
  zddm TEXT,  -- 宗地代码, required, at most 19 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, required, at most 20 characters
  qllx TEXT,  -- 权利类型, required, a code of QLLXZD
  djlx TEXT,  -- 登记类型, required, a code of DJLXZD
  djyy TEXT,  -- 登记原因, required
  mjdw TEXT,  -- 面积单位, required, a code of MJDWZD
  nydmj TEXT,  -- 农用地面积, decimal
  gdmj TEXT,  -- 耕地面积, decimal
  ldmj TEXT,  -- 林地面积, decimal
  cdmj TEXT,  -- 草地面积, decimal
  qtnydmj TEXT,  -- 其它农用地面积, decimal
  jsydmj TEXT,  -- 建设用地面积, decimal
  wlydmj TEXT,  -- 未利用地面积, decimal
  bdcqzh TEXT,  -- 不动产权证号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, a code of QSZTZD
  qlqssj TEXT,  -- 权利起始时间, time
  qljssj TEXT,  -- 权利结束时间, time
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_jsydsyq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002020000, at most 10 characters
  zddm TEXT,  -- 宗地代码, required, at most 19 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  qllx TEXT,  -- 权利类型, required, a code of QLLXZD
  djlx TEXT,  -- 登记类型, required, a code of DJLXZD
  djyy TEXT,  -- 登记原因, required
  syqmj TEXT,  -- 使用权面积, decimal
  syqqssj TEXT,  -- 使用权起始时间, time
  syqjssj TEXT,  -- 使用权结束时间, time
  qdjg TEXT,  -- 取得价格, decimal
  bdcqzh TEXT,  -- 不动产权证号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlt_fw_fdcq_dz (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002010210, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  qllx TEXT,  -- 权利类型, required, a code of QLLXZD
  djlx TEXT,  -- 登记类型, required, a code of DJLXZD
  djyy TEXT,  -- 登记原因, required
  fdzl TEXT,  -- 房地坐落, required, at most 200 characters
  tdsyqr TEXT,  -- 土地使用权人, required
  dytdmj TEXT,  -- 独用土地面积, decimal
  fttdmj TEXT,  -- 分摊土地面积, decimal
  tdsyqssj TEXT,  -- 土地使用起始时间, required, time
  tdsyjssj TEXT,  -- 土地使用结束时间, required, time
  fdcjyjg TEXT,  -- 房地产交易价格, decimal
  bdcqzh TEXT,  -- 不动产权证号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  fj TEXT,  -- 附记
  fcfht TEXT,  -- 房产分户图, Base64
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_fw_fdcq_dz_xm (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  xmmc TEXT,  -- 项目名称, required, at most 200 characters
  zh TEXT,  -- 幢号, required, at most 200 characters
  zcs TEXT,  -- 总层数, integer
  ghyt TEXT,  -- 规划用途, a code of FWYTZD
  fwjg TEXT,  -- 房屋结构, a code of FWJGZD
  jzmj TEXT,  -- 建筑面积, decimal
  jgsj TEXT,  -- 竣工时间, time
  zts TEXT,  -- 总套数, integer
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlt_fw_fdcq_yz (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002010210, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, required, at most 20 characters
  qllx TEXT,  -- 权利类型, required, a code of QLLXZD
  djlx TEXT,  -- 登记类型, required, a code of DJLXZD
  djyy TEXT,  -- 登记原因, required
  fdzl TEXT,  -- 房地坐落, required, at most 200 characters
  tdsyqr TEXT,  -- 土地使用权人, required
  dytdmj TEXT,  -- 独用土地面积, decimal
  fttdmj TEXT,  -- 分摊土地面积, decimal
  tdsyqssj TEXT,  -- 土地使用起始时间, required, time
  tdsyjssj TEXT,  -- 土地使用结束时间, required, time
  fdcjyjg TEXT,  -- 房地产交易价格, decimal
  ghyt TEXT,  -- 规划用途, required, a code of FWYTZD
  fwxz TEXT,  -- 房屋性质, a code of FWXZZD
  fwjg TEXT,  -- 房屋结构, a code of FWJGZD
  szc TEXT,  -- 所在层, required, integer
  zcs TEXT,  -- 总层数, required, integer
  jzmj TEXT,  -- 建筑面积, required, decimal
  zyjzmj TEXT,  -- 专有建筑面积, required, decimal
  ftjzmj TEXT,  -- 分摊建筑面积, required, decimal
  jgsj TEXT,  -- 竣工时间, time
  bdcqzh TEXT,  -- 不动产权证号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  qlqssj TEXT,  -- 权利起始时间, time
  qljssj TEXT,  -- 权利结束时间, time
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_fw_fdcq_qfsyq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, required, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  qllx TEXT,  -- 权利类型, required, a code of QLLXZD
  jgzwbh TEXT,  -- 建（构）筑物编号, required, at most 10 characters
  jgzwmc TEXT,  -- 建（构）筑物名称, at most 100 characters
  jgzwsl TEXT,  -- 建（构）筑物数量, required, integer
  jgzwmj TEXT,  -- 建（构）筑物面积, required, decimal
  fttdmj TEXT,  -- 分摊土地面积, decimal
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_hysyq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002020600, at most 10 characters
  zhhddm TEXT,  -- 宗海/海岛代码, required, at most 19 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  qllx TEXT,  -- 权利类型, required, a code of QLLXZD
  djlx TEXT,  -- 登记类型, required, a code of DJLXZD
  djyy TEXT,  -- 登记原因, required
  syqmj TEXT,  -- 使用权面积, decimal
  syqqssj TEXT,  -- 使用权起始时间, time
  syqjssj TEXT,  -- 使用权结束时间, time
  syjze TEXT,  -- 使用金总额, decimal
  syjbzyj TEXT,  -- 使用金标准依据
  syjjnqk TEXT,  -- 使用金缴纳情况
  bdcqzh TEXT,  -- 不动产权证号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlt_ql_gjzwsyq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002010220, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  qllx TEXT,  -- 权利类型, a code of QLLXZD
  djlx TEXT,  -- 登记类型, a code of DJLXZD
  djyy TEXT,  -- 登记原因
  zl TEXT,  -- 坐落, at most 200 characters
  tdhysyqr TEXT,  -- 土地/海域使用权人, at most 100 characters
  tdhysymj TEXT,  -- 土地/海域使用面积, decimal
  tdhysyqssj TEXT,  -- 土地/海域使用起始时间, time
  tdhysyjssj TEXT,  -- 土地/海域使用结束时间, time
  gjzwlx TEXT,  -- 构（建）筑物类型构(建), a code of GJZWLXZD
  gjzwghyt TEXT,  -- 构（建）筑物规划用途, at most 200 characters
  gjzwmj TEXT,  -- 构(建)筑物面积, decimal
  jgsj TEXT,  -- 竣工时间, time
  bdcqzh TEXT,  -- 不动产权证号
  qxdm TEXT,  -- 区县代码, at most 6 characters
  djjg TEXT,  -- 登记机构, at most 200 characters
  dbr TEXT,  -- 登簿人, at most 50 characters
  djsj TEXT,  -- 登记时间, time
  fj TEXT,  -- 附记
  gjzwpmt TEXT,  -- 构（建）筑物平面图, Base64
  qszt TEXT,  -- 权属状态, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_nydsyq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002020500, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  qllx TEXT,  -- 权利类型, required, a code of QLLXZD
  djlx TEXT,  -- 登记类型, required, a code of DJLXZD
  djyy TEXT,  -- 登记原因, required
  zl TEXT,  -- 坐落, required, at most 200 characters
  fbfdm TEXT,  -- 发包方代码, required, at most 100 characters
  fbfmc TEXT,  -- 发包方名称, required, at most 100 characters
  cbmj TEXT,  -- 承包（使用权）面积, required, decimal
  cbqssj TEXT,  -- 承包(使用)起始时间, required, time
  cbjssj TEXT,  -- 承包(使用)结束时间, required, time
  tdsyqxz TEXT,  -- 土地所有权性质, required, a code of TDSYQXZZD
  syttlx TEXT,  -- 水域滩涂类型, a code of SYTTLXZD
  yzyfs TEXT,  -- 养殖业方式, a code of YZYFSZD
  cyzl TEXT,  -- 草原质量
  syzcl TEXT,  -- 适宜载畜量, integer
  bdcqzh TEXT,  -- 不动产权证号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, time
  fj TEXT,  -- 附记, required
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlt_ql_lq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002020800, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  qllx TEXT,  -- 权利类型, required, a code of QLLXZD
  djlx TEXT,  -- 登记类型, required, a code of DJLXZD
  djyy TEXT,  -- 登记原因, required
  fbf TEXT,  -- 发包方, required, at most 100 characters
  syqmj TEXT,  -- 使用权（承包）面积, required, decimal
  ldsyqssj TEXT,  -- 林地使用（承包）起始时间, required, time
  ldsyjssj TEXT,  -- 林地使用（承包）结束时间, required, time
  ldsyqxz TEXT,  -- a code of TDSYQXZZD
  sllmsyqr1 TEXT,  -- 森林、林木所有权人, at most 100 characters
  sllmsyqr2 TEXT,  -- 森林、林木使用权人, at most 100 characters
  zysz TEXT,  -- 主要树种, required, at most 200 characters
  zs TEXT,  -- 株数, required, integer
  lz TEXT,  -- 林种, required, a code of LZZD
  qy TEXT,  -- 起源, required, a code of QYZD
  zlnd TEXT,  -- 造林年度, required, integer
  lb TEXT,  -- 林班, required, at most 50 characters
  xb TEXT,  -- 小班, required, at most 50 characters
  xdm TEXT,  -- 小地名, at most 200 characters
  bdcqzh TEXT,  -- 不动产权证号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_dyiq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002020900, at most 10 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  gydbdcdyh TEXT,  -- 供役地不动产单元号, at most 28 characters
  gydqlr TEXT,  -- 供役地权利人, at most 50 characters
  gydqlrzjzl TEXT,  -- 供役地权利人证件种类, a code of ZJZLZD
  gydqlrzjh TEXT,  -- 供役地权利人证件号, at most 50 characters
  xydbdcdyh TEXT,  -- 需役地不动产单元编号, at most 28 characters
  xydzl TEXT,  -- 需役地坐落, at most 200 characters
  xydqlr TEXT,  -- 需役地权利人, at most 50 characters
  xydqlrzjzl TEXT,  -- 需役地权利人证件种类, a code of ZJZLZD
  xydqlrzjh TEXT,  -- at most 50 characters
  djlx TEXT,  -- 登记类型, a code of DJLXZD
  djyy TEXT,  -- 登记原因
  dyqnr TEXT,  -- 地役权内容
  bdcdjzmh TEXT,  -- 不动产登记证明号
  qlqssj TEXT,  -- 权利起始时间, time
  qljssj TEXT,  -- 权利结束时间, time
  qxdm TEXT,  -- 区县代码, at most 6 characters
  djjg TEXT,  -- 登记机构, at most 200 characters
  dbr TEXT,  -- 登簿人, at most 50 characters
  djsj TEXT,  -- 登记时间, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_ygdj (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002040100, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  bdczl TEXT,  -- 不动产坐落, required, at most 200 characters
  ywr TEXT,  -- 义务人, required, at most 50 characters
  ywrzjzl TEXT,  -- 义务人证件种类, a code of ZJZLZD
  ywrzjh TEXT,  -- 义务人证件号, at most 50 characters
  ygdjzl TEXT,  -- 预告登记种类, required, a code of YGDJZLZD
  djlx TEXT,  -- 登记类型, required, a code of DJLXZD
  djyy TEXT,  -- 登记原因, required
  tdsyqr TEXT,  -- 土地使用权人, at most 50 characters
  ghyt TEXT,  -- 规划用途, a code of FWYTZD
  fwxz TEXT,  -- 房屋性质, a code of FWXZZD
  fwjg TEXT,  -- 房屋结构, a code of FWJGZD
  szc TEXT,  -- 所在层, required, integer
  zcs TEXT,  -- 总层数, required, integer
  jzmj TEXT,  -- 建筑面积, required, decimal
  qdjg TEXT,  -- 取得价格/被担保主债权数额, decimal
  bdcdjzmh TEXT,  -- 不动产登记证明号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  scywh TEXT,  -- 上次业务号, required
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_dyaq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002030100, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  dybdclx TEXT,  -- 抵押不动产类型, required, a code of DYBDCLXZD
  dyr TEXT,  -- 抵押人, required
  dyfs TEXT,  -- 抵押方式, required, a code of DYFSZD
  djlx TEXT,  -- 登记类型, required, a code of DJLXZD
  djyy TEXT,  -- 登记原因, required
  zjjzwzl TEXT,  -- 在建建筑物坐落, at most 200 characters
  zjjzwdyfw TEXT,  -- 在建建筑物抵押范围
  bdbzzqse TEXT,  -- 被担保主债权数额, required, decimal
  zwlxqssj TEXT,  -- 债务履行起始时间, otherwise 0001-01-01T00:00:00, time
  zwlxjssj TEXT,  -- 债务履行结束时间, otherwise 0001-01-01T00:00:00, time
  zgzqqdss TEXT,  -- 最高债权确定事实
  zgzqse TEXT,  -- 最高债权数额, decimal
  zxdyywh TEXT,  -- 注销抵押业务号, at most 20 characters
  zxdyyy TEXT,  -- 注销抵押原因
  zxsj TEXT,  -- 注销时间, otherwise 0001-01-01T00:00:00, time
  bdcdjzmh TEXT,  -- 不动产登记证明号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- required, a code of QSZTZD
  scywh TEXT,  -- 上次业务号, required
  dyjelx TEXT,  -- 抵押金额类型, required
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_yydj (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002040200, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  yysx TEXT,  -- 异议事项, required
  bdcdjzmh TEXT,  -- 不动产登记证明号, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  zxyyywh TEXT,  -- 注销异议业务号, at most 20 characters
  zxyyyy TEXT,  -- 注销异议原因
  zxyydbr TEXT,  -- 注销异议登簿人, at most 50 characters
  zxyydjsj TEXT,  -- 注销异议登记时间, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_cfdj (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6002040300, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  ywh TEXT,  -- 业务号, at most 20 characters
  cfjg TEXT,  -- 查封机关, required, at most 200 characters
  cflx TEXT,  -- 查封类型, required, a code of CFLXZD
  cfwj TEXT,  -- 查封文件, required, Base64
  cfwh TEXT,  -- 查封文号, required, at most 50 characters
  cfqssj TEXT,  -- 查封起始时间, required, time
  cfjssj TEXT,  -- 查封结束时间, required, time
  cffw TEXT,  -- 查封范围, required
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  jfywh TEXT,  -- 解封业务号, at most 20 characters
  jfjg TEXT,  -- 解封机关, at most 200 characters
  jfwj TEXT,  -- 解封文件, Base64
  jfwh TEXT,  -- 解封文号, at most 200 characters
  jfdbr TEXT,  -- 解封登簿人, at most 50 characters
  jfdjsj TEXT,  -- 解封登记间, time
  fj TEXT,  -- 附记
  qszt TEXT,  -- 权属状态, required, a code of QSZTZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE qlf_ql_zxdj (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, required, at most 10 characters
  bdcdyh TEXT,  -- 不动产单元号, required, at most 28 characters
  bdcqzh TEXT,  -- 不动产权证号
  ywh TEXT,  -- 业务号, at most 20 characters
  zxywh TEXT,  -- 注销业务号, required, at most 20 characters
  zxsj TEXT,  -- 注销时间, required, time
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  djjg TEXT,  -- 登记机构, required, at most 200 characters
  dbr TEXT,  -- 登簿人, required, at most 50 characters
  djsj TEXT,  -- 登记时间, required, time
  bz TEXT,  -- 备注
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE djt_dj_slsq (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ysdm TEXT,  -- 要素代码, otherwise 6004010000, at most 10 characters
  ywh TEXT,  -- 业务号, required, at most 20 characters
  djdl TEXT,  -- 登记大类, required, at most 4 characters
  djxl TEXT,  -- 登记小类, at most 4 characters
  sqzsbs TEXT,  -- 申请证书板式, required, a code of ZSBSZD
  sqfbcz TEXT,  -- 申请分别持证, required, a code of SFZD
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  slry TEXT,  -- 受理人员, required, at most 50 characters
  slsj TEXT,  -- 受理时间, required, time
  zl TEXT,  -- 坐落, at most 200 characters
  tzrxm TEXT,  -- 通知人姓名, at most 50 characters
  tzfs TEXT,  -- 通知方式, a code of TZFSZD
  tzrdh TEXT,  -- 通知人电话, at most 50 characters
  tzryddh TEXT,  -- 通知人移动电话, at most 50 characters
  tzrdzyj TEXT,  -- 通知人电子邮件, at most 50 characters
  sfwtaj TEXT,  -- 是否问题案件, a code of SFZD
  jssj TEXT,  -- 结束时间, time
  ajzt TEXT,  -- 案件状态, a code of AJZTZD
  bz TEXT,  -- 备注
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE djf_dj_sj (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ywh TEXT,  -- 业务号, required, at most 20 characters
  ysdm TEXT,  -- 要素代码, otherwise 6004030000, at most 10 characters
  sjsj TEXT,  -- 收件时间, time
  sjlx TEXT,  -- 收件类型, required, a code of SJLXZD
  sjmc TEXT,  -- 收件名称, required, at most 100 characters
  sjsl TEXT,  -- 收件数量, required, integer
  sfsjsy TEXT,  -- 是否收缴收验, a code of SFZD
  sfewsj TEXT,  -- 是否额外收件, a code of SFZD
  sfbcsj TEXT,  -- 是否补充收件, a code of SFZD
  ys TEXT,  -- 页数, required, integer
  bz TEXT,  -- 备注
  sfsybz TEXT,
  qxdm TEXT,  -- 区县代码, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE djf_dj_sf (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ywh TEXT,  -- 业务号, required, at most 20 characters
  ysdm TEXT,  -- 要素代码, otherwise 6004040000, at most 10 characters
  jfry TEXT,  -- 计费人员, required, at most 50 characters
  jfrq TEXT,  -- 计费日期, required, time
  sfkmmc TEXT,  -- 收费科目名称, required, at most 50 characters
  sfewsf TEXT,  -- 是否额外收费, a code of SFZD
  sfjs TEXT,  -- 收费基数, decimal
  sflx TEXT,  -- 收费类型, required, a code of SFLXZD
  ysje TEXT,  -- 应收金额, required, decimal
  zkhysje TEXT,  -- 折扣后应收金额, decimal
  sfry TEXT,  -- 收费人员, required, at most 50 characters
  sfrq TEXT,  -- 收费日期, required, time
  fff TEXT,  -- 付费方, required, a code of FFFSZD
  sjffr TEXT,  -- 实际付费人, required, at most 50 characters
  ssje TEXT,  -- 实收金额, required, decimal
  sfdw TEXT,  -- 收费单位, required, at most 50 characters
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE djf_dj_sh (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ywh TEXT,  -- 业务号, at most 20 characters
  ysdm TEXT,  -- 要素代码, otherwise 6004050000, at most 10 characters
  jdmc TEXT,  -- 节点名称, at most 50 characters
  sxh TEXT,  -- 顺序号, required, integer
  shryxm TEXT,  -- 审核人员姓名, required, at most 50 characters
  shkssj TEXT,  -- 审核开始时间, required, time
  shjssj TEXT,  -- 审核结束时间, required, time
  shyj TEXT,  -- 审核意, required
  czjg TEXT,  -- 操作结果, required, a code of SHYJCZJGZD
  qxdm TEXT,  -- 区县代码, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE djf_dj_sz (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ywh TEXT,  -- 业务号, at most 20 characters
  ysdm TEXT,  -- 要素代码, otherwise 6004060000, at most 10 characters
  szmc TEXT,  -- 缮证名称, required, at most 50 characters
  szzh TEXT,  -- 缮证证号, required
  ysxlh TEXT,  -- 印刷序列号, required
  szry TEXT,  -- 缮证人员, required, at most 50 characters
  szsj TEXT,  -- 缮证时间, time
  bz TEXT,  -- 备注
  qxdm TEXT,  -- 区县代码, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE djf_dj_fz (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ywh TEXT,  -- 业务号, at most 20 characters
  ysdm TEXT,  -- 要素代码, otherwise 6004070000, at most 10 characters
  fzry TEXT,  -- 发证人员, required, at most 50 characters
  fzsj TEXT,  -- 发证时间, required, time
  fzmc TEXT,  -- 发证名称, required, at most 50 characters
  fzsl TEXT,  -- 发证数量, required, integer
  hfzsh TEXT,  -- 核发证书号, required
  lzrxm TEXT,  -- 领证人姓名, required, at most 50 characters
  lzrzjlb TEXT,  -- 领证人证件类别, required, a code of ZJZLZD
  lzrdh TEXT,  -- 领证人电话, at most 50 characters
  lzrdz TEXT,  -- 领证人地址, at most 200 characters
  lzryb TEXT,  -- 领证人邮编, at most 10 characters
  bz TEXT,  -- 备注
  lzrzjhm TEXT,  -- 领证人证件号码, required, at most 50 characters
  qxdm TEXT,  -- 区县代码, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE djf_dj_gd (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ywh TEXT,  -- at most 20 characters
  ysdm TEXT,  -- 要素代码, otherwise 6004080000, at most 10 characters
  djdl TEXT,  -- 登记大类, at most 6 characters
  djxl TEXT,  -- 登记小类, integer
  zl TEXT,  -- at most 200 characters
  qzhm TEXT,  -- required
  wjjs TEXT,  -- required, integer
  zys TEXT,  -- integer
  gdry TEXT,  -- at most 50 characters
  gdsj TEXT,  -- required, time
  bz TEXT,
  qxdm TEXT,  -- 区县代码, at most 6 characters
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE djf_dj_sqr (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  ywh TEXT,  -- 业务号, required, at most 20 characters
  ysdm TEXT,  -- 要素代码, otherwise 6004020000, at most 10 characters
  qlrmc TEXT,  -- 权利人名称, required
  qlrzjzl TEXT,  -- 权利人证件种类, required, a code of ZJZLZD
  qlrzjh TEXT,  -- 权利人证件号, at most 50 characters
  qlrtxdz TEXT,  -- 权利人通讯地址, at most 100 characters
  qlryb TEXT,  -- 权利人邮编, at most 10 characters
  qlrfrmc TEXT,  -- 权利人法人名称, at most 100 characters
  qlrfrdh TEXT,  -- 权利人法人电话, at most 50 characters
  qlrdlrmc TEXT,  -- 权利人代理人名称, at most 100 characters
  qlrdlrdh TEXT,  -- 权利人代理人电话, at most 50 characters
  qlrdljg TEXT,  -- 权利人代理机构, at most 100 characters
  ywrmc TEXT,  -- 义务人名称
  ywrzjzl TEXT,  -- 义务人证件种类, a code of ZJZLZD
  ywrzjh TEXT,  -- 义务人证件号, at most 50 characters
  ywrtxdz TEXT,  -- 义务人通讯地址, at most 100 characters
  ywryb TEXT,  -- 义务人邮编, at most 10 characters
  ywrfrmc TEXT,  -- 义务人法人名称, at most 100 characters
  ywrfrdh TEXT,  -- 义务人法人电话, at most 50 characters
  ywrdlrmc TEXT,  -- 义务人代理人名称, at most 100 characters
  ywrdlrdh TEXT,  -- 义务人代理人电话, at most 50 characters
  ywrdljg TEXT,  -- 义务人代理机构, at most 100 characters
  bz TEXT,  -- 备注
  qxdm TEXT,  -- 区县代码, required, at most 6 characters
  sqrlb TEXT,
  qlrdh TEXT,
  qlrlx TEXT,  -- a code of QLRLXZD
  PRIMARY KEY (case_no, booking, row_no)
);

CREATE TABLE fj_f_100 (
  case_no VARCHAR(50) NOT NULL,
  booking VARCHAR(36) NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 1,
  fjmc TEXT,  -- 附件名称, required
  fjlx TEXT,  -- 附件类型, required, a code of FJLXZD
  fjnr TEXT,  -- 附件内容, required, Base64
  PRIMARY KEY (case_no, booking, row_no)
);
