-- The case of docs/guides/registration-vendors.md, as this system keeps it.
INSERT INTO bdc_xm VALUES ('XM-9001', '20261124000001', '转移登记', 'FDC', '411324 001001 GB00001 F00010002', '镇平县测试路1号1幢1402室',
  NULL, '镇平县自然资源局', '2026/11/24', 1, 2, '无');
INSERT INTO bdc_fdcq VALUES ('QL-1', 'XM-9001', '出让', '市场化商品房', '城镇住宅用地', '成套住宅', '820.00', 101.17, 82.36, 18.81,
  '2012/05/01', '2082/04/30', '钢混', '14', 18, '2018/06/30');
INSERT INTO bdc_qlr VALUES ('R-2', 'XM-9001', NULL, '权利人', 2, '测试乙', '身份证', '411324199202020022', '共同共有', NULL);
INSERT INTO bdc_qlr VALUES ('R-1', 'XM-9001', NULL, '权利人', 1, '测试甲', '身份证', '411324199001010012', '共同共有', NULL);
INSERT INTO bdc_zs VALUES ('ZS-77', '证书', '豫（2026）镇平县不动产权第0000123号', '41000000123', '2026/11/24', 0);
INSERT INTO bdc_xm_zs_gx VALUES ('GX-1', 'XM-9001', 'ZS-77');
INSERT INTO bdc_ts_sj (xh, sjbh, sjlx, slbh, xmid, qxdm, djlx, qllx, bdcdyh, smbz, fssj)
  VALUES (1, 'SZ-20261124000001-1', 'SZ', '20261124000001', 'XM-9001', '411324', '转移登记', 'FDC',
  '411324001001GB00001F00010002', 0, '2026/11/24');
INSERT INTO bdc_sl VALUES ('SL-1', '20261124000001', 'YSL20261123000001', '在办', '2026/11/23 15:20:00', '411324', '11411324MB1T00009R',
  'BDC-2000402');
INSERT INTO bdc_sl_dsr VALUES ('SL-1', 1, '权利人', '测试甲', '身份证', '411324 199001010012');
INSERT INTO bdc_sl_dsr VALUES ('SL-1', 2, '权利人', '测试乙', '身份证', '411324199202020022');
INSERT INTO bdc_sl_dsr VALUES ('SL-1', 3, '代理人', '测试丁', '身份证', '411324198803030010');
INSERT INTO bdc_sl_dsr VALUES ('SL-1', 4, '经办人', 'clerk-07', NULL, NULL);
