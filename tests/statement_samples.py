"""Statements as banks send them, written after the public descriptions of the formats."""

NORMA43 = """\
112100041802000513322611162611202000000001500009783CAFETERA MEXICANA SL
22    0418261117261117040002000000000232000000000000000000000000P000001
2301TRANSFERENCIA DE ANA MUÑOZ            PEDIDO P-000001
22    0418261118261118040002000000000100000000000000000000000000
2301TRANSF INMEDIATA PENDIENTE DE PAGO P-000002 GRACIAS
22    0418261118261118030001000000000045990000000000000000000000
2301RECIBO LUZ
22    0418261119261119140001000000000232000000000000000000000000
2301DEVOLUCION TRANSFERENCIA P-000001
240184000000000025000
22    0418261120261120040002000000000500000000000000000000000000
3321000418020005133200002000000000277990000300000000083200200000000205401978
88999999999999999999000012
"""

# An entry of its own, a batch of two, a payment that was taken back, one that is not booked yet.
CAMT_02 = """\
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
 <BkToCstmrStmt>
  <GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-11-21T04:00:00</CreDtTm></GrpHdr>
  <Stmt>
   <Id>STMT-2026-11-20</Id>
   <FrToDt><FrDtTm>2026-11-20T00:00:00</FrDtTm><ToDtTm>2026-11-20T23:59:59</ToDtTm></FrToDt>
   <Acct><Id><IBAN>ES9121000418450200051332</IBAN></Id><Ccy>EUR</Ccy></Acct>
   <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
   <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">532.50</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
   <TxsSummry>
    <TtlNtries><NbOfNtries>4</NbOfNtries></TtlNtries>
    <TtlCdtNtries><Sum>682.00</Sum></TtlCdtNtries>
   </TxsSummry>
   <Ntry>
    <Amt Ccy="EUR">232.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-21</Dt></ValDt>
    <AcctSvcrRef>2026112000123</AcctSvcrRef>
    <BkTxCd/>
    <NtryDtls><TxDtls>
     <Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
     <RltdPties><Dbtr><Nm>Ana Muñoz</Nm></Dbtr>
      <DbtrAcct><Id><IBAN>ES7921000813610123456789</IBAN></Id></DbtrAcct></RltdPties>
     <RmtInf><Ustrd>Pedido P-000001</Ustrd><Ustrd>muchas gracias</Ustrd></RmtInf>
    </TxDtls></NtryDtls>
   </Ntry>
   <Ntry>
    <Amt Ccy="EUR">400.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><DtTm>2026-11-20T09:30:00+01:00</DtTm></BookgDt>
    <AcctSvcrRef>BATCH-7</AcctSvcrRef>
    <NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>
     <TxDtls><Refs><EndToEndId>000002</EndToEndId></Refs>
      <AmtDtls><TxAmt><Amt Ccy="EUR">150.00</Amt></TxAmt></AmtDtls>
      <RltdPties><Dbtr><Nm>Luis Vega</Nm></Dbtr></RltdPties></TxDtls>
     <TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
      <AmtDtls><TxAmt><Amt Ccy="EUR">250.00</Amt></TxAmt></AmtDtls>
      <RmtInf><Strd><CdtrRefInf><Ref>P-000003</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
    </NtryDtls>
   </Ntry>
   <Ntry>
    <Amt Ccy="EUR">199.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2026-11-20</Dt></BookgDt>
    <AddtlNtryInf>DEVOLUCION P-000004</AddtlNtryInf>
   </Ntry>
   <Ntry>
    <Amt Ccy="EUR">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts>
    <BookgDt><Dt>2026-11-20</Dt></BookgDt>
   </Ntry>
  </Stmt>
 </BkToCstmrStmt>
</Document>
"""

# The newer shape: a status with a code, a party of its own below the debtor, amounts of a batch's payments.
CAMT_08 = """\
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
 <BkToCstmrStmt><Stmt>
   <Acct><Id><IBAN>ES91 2100 0418 4502 0005 1332</IBAN></Id></Acct>
   <Ntry>
    <Amt Ccy="MXN">300.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>B-1</AcctSvcrRef>
    <NtryDtls>
     <TxDtls><Refs><AcctSvcrRef>B-1-1</AcctSvcrRef></Refs><Amt Ccy="MXN">100.00</Amt>
      <CdtDbtInd>CRDT</CdtDbtInd>
      <RltdPties><Dbtr><Pty><Nm>Eva Luna</Nm></Pty></Dbtr></RltdPties>
      <RmtInf><Ustrd>orden 5</Ustrd></RmtInf></TxDtls>
     <TxDtls><Refs><AcctSvcrRef>B-1-2</AcctSvcrRef></Refs><Amt Ccy="MXN">200.00</Amt>
      <CdtDbtInd>CRDT</CdtDbtInd></TxDtls>
    </NtryDtls>
   </Ntry>
 </Stmt></BkToCstmrStmt>
</Document>
"""

CSV_SPANISH = """\
Banco del Sur;;;;
Cuenta:;ES91 2100 0418 4502 0005 1332;;;
;;;;
Fecha operación;Fecha valor;Concepto;Importe (EUR);Saldo
20/11/2026;21/11/2026;TRANSFERENCIA DE ANA MUÑOZ P-000001;1.232,00;1.332,00
20/11/2026;20/11/2026;"RECIBO LUZ; NOVIEMBRE";-45,99;1.286,01
;;Saldo final;;1.286,01
"""

CSV_ENGLISH = """\
Date,Description,Reference,Payer,Paid out,Paid in,Currency
11/20/2026,FASTER PAYMENT,p 2,Luis Vega,,"1,250.00",MXN
11/21/2026,CARD FEE,,,12.50,,MXN
"""
